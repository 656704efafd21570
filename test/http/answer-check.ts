import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";

/** The parts of an OpenAPI 3.1 document that answers are checked against. */
export interface Description {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

interface DescribedOperation {
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

/** An answer as it was read. */
export interface ReadAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Throws when an answer is not what the description promises for this method and path. */
export type AnswerCheck = (method: string, path: string, answer: ReadAnswer) => void;

/** What is served beside the API and stands in no description: people read it. */
const PAGES = /^\/(?:docs(?:\/.*)?|openapi\.json|console(?:\/.*)?)$/u;

const isTemplateOf = (template: string, path: string): boolean =>
  new RegExp(`^${template.replaceAll(/[.*+?^$()|[\]\\]/gu, "\\$&").replaceAll(/\{\w+\}/gu, "[^/]+")}$`, "u").test(path);

/** The described path that a real one belongs to; one without parameters wins. */
export const describedPath = (description: Description, path: string): string | undefined =>
  Object.keys(description.paths)
    .filter((template) => isTemplateOf(template, path))
    .sort((a, b) => Number(a.includes("{")) - Number(b.includes("{")))[0];

/** References of the document become references of a schema that carries all components with it. */
const standalone = (schema: object, { components }: Description): object => {
  const bundled = JSON.stringify({ ...schema, $defs: components.schemas });
  return JSON.parse(bundled.replaceAll("#/components/schemas/", "#/$defs/")) as object;
};

const mediaType = (headers: Headers): string => headers.get("content-type")?.split(";")[0]?.trim() ?? "";

/** What is wrong with a body by a schema; null: nothing. */
type FaultsOf = (schema: object, body: unknown) => string | null;

/** Compiles schemas of a description when they are first met; the same words of several places once. */
const createFaultsOf = (description: Description): FaultsOf => {
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  formats.default(ajv);
  // OpenAPI's own word for a sample value; it constrains nothing.
  ajv.addKeyword("example");
  const compiled = new Map<string, ValidateFunction>();
  return (schema, body) => {
    const words = JSON.stringify(schema);
    const validate = compiled.get(words) ?? ajv.compile(standalone(schema, description));
    compiled.set(words, validate);
    return validate(body) ? null : ajv.errorsText(validate.errors);
  };
};

/** What was compiled, by the words of the description: the gateways of a test run mostly have the same. */
const KEPT = new Map<string, FaultsOf>();

/** Makes the check for one description. */
export const createAnswerCheck = (description: Description): AnswerCheck => {
  const words = JSON.stringify(description);
  const faultsOf = KEPT.get(words) ?? createFaultsOf(description);
  KEPT.set(words, faultsOf);

  const checkBody = (schema: object, type: string, what: string, text: string): void => {
    const body: unknown = /[/+]json$/u.test(type) ? JSON.parse(text) : text;
    const faults = faultsOf(schema, body);
    if (faults !== null) throw new Error(`${what}: ${faults} in ${text.slice(0, 2000)}`);
  };

  return (method, path, { status, headers, text }) => {
    if (PAGES.test(path)) return;
    const template = describedPath(description, path);
    const operation = template === undefined ? undefined : description.paths[template]?.[method.toLowerCase()];
    const type = mediaType(headers);
    const what = `${method} ${path} ${status} ${type}`;
    if (operation === undefined) {
      // Nothing is promised here but a problem document.
      if (type !== "application/problem+json") throw new Error(`${what}: neither described nor a problem`);
      return checkBody({ $ref: "#/components/schemas/Problem" }, type, what, text);
    }
    const described = operation.responses[String(status)];
    if (described === undefined) throw new Error(`${what}: this status is not described. ${text.slice(0, 500)}`);
    const content = described.content?.[type];
    if (content === undefined) throw new Error(`${what}: this media type is not described`);
    checkBody(content.schema, type, what, text);
  };
};
