// Holds answers to the schemas of the description that the monitor itself serves.
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const encode = (key) => encodeURIComponent(key.replaceAll("~", "~0").replaceAll("/", "~1"));

/** Keys that the description does not know are allowed for others, but not for us. */
function forbidUnknownKeys(schemas) {
  for (const [name, schema] of Object.entries(schemas)) {
    const isPartOfOthers = name === "Readings";
    if (schema.properties && !isPartOfOthers) schema.unevaluatedProperties = false;
  }
}

/** "/api/v1/miners/7/poll" -> "/api/v1/miners/{id}/poll", the pattern it was asked by. */
function patternOf(document, path) {
  const fits = (pattern) =>
    new RegExp(`^${pattern.replace(/\{[^}]+\}/g, "[^/]+").replaceAll(".", "\\.")}$`).test(path);
  return Object.keys(document.paths).find(fits);
}

export class Contract {
  constructor(document) {
    this.document = structuredClone(document);
    forbidUnknownKeys(this.document.components.schemas);
    this.ajv = new Ajv({ strict: false, allErrors: true });
    addFormats(this.ajv);
    this.ajv.addSchema(this.document, "api");
    this.seen = new Set(); // "GET /api/v1/miners 200"
  }

  /** What is wrong with a value of a named schema; "" when nothing. */
  faults(pointer, value) {
    const validate = this.ajv.getSchema(`api#${pointer}`);
    if (!validate) return `no schema at ${pointer}`;
    return validate(value) ? "" : this.ajv.errorsText(validate.errors, { separator: "\n" });
  }

  faultsOf(name, value) {
    return this.faults(`/components/schemas/${name}`, value);
  }

  /** Whether an answer is one that the description promises; "" when it is. */
  async faultsOfAnswer(method, path, response) {
    const pattern = patternOf(this.document, path);
    const operation = this.document.paths[pattern]?.[method.toLowerCase()];
    if (!operation) return `${method} ${path} is not described`;
    const status = String(response.status);
    let pointer = `/paths/${encode(pattern)}/${method.toLowerCase()}/responses/${status}`;
    let described = operation.responses[status];
    if (!described) return `${method} ${pattern} does not describe status ${status}`;
    if (described.$ref) {
      pointer = described.$ref.slice(1);
      described = this.document.components.responses[pointer.split("/").at(-1)];
    }
    this.seen.add(`${method} ${pattern} ${status}`);
    const type = (response.headers.get("content-type") ?? "").split(";")[0];
    if (!described.content) return response.body && type ? `${status} has a body of ${type}` : "";
    if (!described.content[type]) return `${method} ${pattern} does not describe type ${type}`;
    if (!/[/+]json$/.test(type)) return "";
    return this.faults(`${pointer}/content/${encode(type)}/schema`, await response.json());
  }
}
