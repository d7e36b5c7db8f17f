/** Splits the response `{"Items":[…],"Count":n,…}` into the texts of its items while it arrives. No I/O. */

/** The part of the response that follows the items. */
export interface Summary {
  Count: number;
  /** Absent if the server hides it. */
  ScannedCount?: number;
  NextToken?: string;
  ConsumedCapacity?: { CapacityUnits: number };
}

const HEAD = '{"Items":[';

export class ItemSplitter {
  /** Everything that has arrived and is not yet part of a complete item. */
  private text = '';
  private at = 0;
  private place: 'head' | 'items' | 'tail' = 'head';
  private depth = 0;
  private isInString = false;

  /** Returns the items that this chunk completes. */
  push(chunk: string): string[] {
    this.text += chunk;
    if (this.place === 'head' && !this.skipHead()) return [];
    return this.place === 'items' ? this.takeItems() : [];
  }

  /**
   * Returns the summary. Callers must have pushed the whole response.
   *
   * @throws Error if the response is incomplete or not of this shape.
   */
  end(): Summary {
    if (this.place !== 'tail') throw new Error('The response ended early.');
    return JSON.parse(`{${this.text.replace(/^,/, '')}`) as Summary;
  }

  private skipHead(): boolean {
    if (this.text.length < HEAD.length) return false;
    if (!this.text.startsWith(HEAD)) throw new Error('The response is not a list of items.');
    this.text = this.text.slice(HEAD.length);
    this.place = 'items';
    return true;
  }

  private takeItems(): string[] {
    const { text } = this;
    const items: string[] = [];
    let start = 0;
    while (this.at < text.length) {
      if (this.isInString) {
        this.skipString();
        continue;
      }
      const char = text[this.at];
      if (char === ']' && this.depth === 0) {
        this.text = text.slice(this.at + 1);
        this.place = 'tail';
        return items;
      }
      if (this.depth === 0 && char === '{') start = this.at;
      if (char === '"') this.isInString = true;
      else if (char === '{' || char === '[') this.depth += 1;
      else if (char === '}' || char === ']') this.depth -= 1;
      this.at += 1;
      if (this.depth === 0 && char === '}') {
        items.push(text.slice(start, this.at));
        start = this.at;
      }
    }
    this.text = text.slice(start);
    this.at -= start;
    return items;
  }

  /** Moves behind the end of the string, or to the end of the text if the string continues. */
  private skipString(): void {
    const quote = this.text.indexOf('"', this.at);
    if (quote === -1) {
      this.at = this.text.length;
      return;
    }
    let backslashes = 0;
    while (this.text[quote - 1 - backslashes] === '\\') backslashes += 1;
    this.at = quote + 1;
    this.isInString = backslashes % 2 === 1;
  }
}
