/** Edits that each add one error to a template. */

type Edit = (text: string) => string;

/** Replaces the first occurrence. An edit that would change nothing throws. */
export function replace(from: string | RegExp, to: string): Edit {
  return (text) => {
    const edited = text.replace(from, () => to);
    if (edited === text) throw new Error(`The template has no ${String(from)}`);
    return edited;
  };
}

export function remove(part: string | RegExp): Edit {
  return replace(part, '');
}

/** Edits only one resource. */
export function inResource(logicalId: string, edit: Edit): Edit {
  return (text) => text.replace(resourcePattern(logicalId), edit);
}

/** Removes a resource, also from every DependsOn. */
export function withoutResource(logicalId: string): Edit {
  return (text) => {
    const rest = remove(resourcePattern(logicalId))(text);
    return rest.replace(new RegExp(`^ +- ${logicalId}\n`, 'm'), '');
  };
}

/** Moves a resource before all others. */
export function toTheFront(logicalId: string): Edit {
  return (text) => {
    const [resource = ''] = resourcePattern(logicalId).exec(text) ?? [];
    return text.replace(resource, '').replace(/^Resources:\n/m, (line) => line + resource);
  };
}

export function all(...edits: Edit[]): Edit {
  return (text) => edits.reduce((edited, edit) => edit(edited), text);
}

function resourcePattern(logicalId: string): RegExp {
  return new RegExp(`^  ${logicalId}:\n(?:(?: {4}.*| *)\n)+`, 'm');
}
