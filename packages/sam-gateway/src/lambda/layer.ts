/** Reads the Lambda layers that a template declares. No I/O. */
import { text, type Properties, type Resource } from 'sam-template';

export interface Layer {
  /** The logical ID, or the ARN of a layer that the template does not declare. */
  name: string;
  /** Relative to the template. Undefined if this machine does not have the layer. */
  path: string | undefined;
  /** `Metadata.BuildMethod` */
  buildMethod?: string | undefined;
}

/** Returns the layers by logical ID. */
export function layersById(resources: readonly Resource[]): Map<string, Layer> {
  return new Map(
    resources
      .filter(({ type }) => /^AWS::(?:Serverless|Lambda)::LayerVersion$/.test(type))
      .map(({ logicalId, properties, metadata }) => [
        logicalId,
        { name: logicalId, path: pathOf(properties, metadata), buildMethod: text(metadata, 'BuildMethod') },
      ]),
  );
}

function pathOf(properties: Properties, metadata: Properties): string | undefined {
  const path =
    text(metadata, 'aws:asset:path') ?? text(properties, 'ContentUri') ?? text(properties, 'Content');
  return path?.startsWith('s3://') === true ? undefined : path;
}
