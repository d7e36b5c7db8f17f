const { types } = require('node:util');
const { TestEnvironment } = require('jest-environment-node');

/**
 * Jest runs tests in a context with an Error class of its own, so that an error of Node's core is no
 * `instanceof Error` there, and the AWS SDK hides it in a wrapper. Outside Jest it is one, and so here.
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
