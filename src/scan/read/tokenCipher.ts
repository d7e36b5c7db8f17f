/** Encrypts tokens, so that clients can neither read nor change the keys in them. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Tokens have a multiple of this length, so that it does not show the length of a hidden key. */
const PADDED_BYTES = 512;

/** Writes the state of a scan as a token, and reads it back. */
export interface TokenFormat {
  write(state: string): string;
  /** Returns undefined if the token was not written in this format. */
  read(token: string): string | undefined;
}

/** Authenticated encryption: a changed token, or one of another client, cannot be decrypted. */
export class TokenCipher {
  private readonly key: Buffer;

  constructor(secret: string) {
    this.key = createHash('sha256').update('scan-records token\0').update(secret).digest();
  }

  /** Returns the format for the tokens that only one client may use. */
  formatFor(client: string): TokenFormat {
    return {
      write: (state) => this.encrypt(state, client),
      read: (token) => this.decrypt(token, client),
    };
  }

  private encrypt(text: string, client: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.key, iv).setAAD(Buffer.from(client));
    // The state is JSON, which may end with spaces.
    const bytes = Buffer.from(text);
    const padding = Buffer.alloc((PADDED_BYTES - (bytes.byteLength % PADDED_BYTES)) % PADDED_BYTES, ' ');
    const content = Buffer.concat([cipher.update(bytes), cipher.update(padding), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), content]).toString('base64url');
  }

  private decrypt(token: string, client: string): string | undefined {
    const bytes = Buffer.from(token, 'base64url');
    if (bytes.byteLength < IV_BYTES + TAG_BYTES || bytes.toString('base64url') !== token) return undefined;
    const decipher = createDecipheriv(ALGORITHM, this.key, bytes.subarray(0, IV_BYTES), {
      authTagLength: TAG_BYTES,
    })
      .setAAD(Buffer.from(client))
      .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    try {
      const content = [decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()];
      return Buffer.concat(content).toString('utf8');
    } catch {
      return undefined;
    }
  }
}
