const { types } = require('node:util');
const { TestEnvironment } = require('jest-environment-node');

/**
 * Makes errors of Node's core an `instanceof Error` in tests, as they are outside Jest. Jest runs tests in
 * a context with its own Error class, so the AWS SDK would not recognize these errors and wrap them.
 */
module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    const { Error } = this.global;
    const ordinary = Function.prototype[Symbol.hasInstance];
    Object.defineProperty(Error, Symbol.hasInstance, {
      value(candidate) {
        return ordinary.call(this, candidate) || (this === Error && types.isNativeError(candidate));
      },
    });
  }
};
