// Simulated miners whose faults the test switches on and off.
import { Program } from './program.mjs';

export class Simulator {
  devices = [];
  #program;
  #control = '';

  static async start(...args) {
    const simulator = new Simulator();
    simulator.#program = new Program('bitaxe-sim', args);
    await simulator.#program.line((line) => simulator.#take(JSON.parse(line)));
    return simulator;
  }

  #take(told) {
    if (told.address) this.devices.push(told);
    if (told.control) this.#control = told.control;
    return this.#control;
  }

  async #tell(index, what, method, body) {
    const response = await fetch(`${this.#control}/devices/${index}/${what}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${what}: ${response.status} ${await response.text()}`);
  }

  fail(index, fault, value) {
    return this.#tell(index, 'fault', 'POST', { fault, value });
  }

  heal(index) {
    return this.#tell(index, 'fault', 'DELETE');
  }

  async stop() {
    await this.#program.stop();
  }
}
