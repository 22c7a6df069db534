import { readFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";
import { expect, it } from "vitest";

it("the types are those of the contract as it is now (npm run types)", async () => {
  const contract = new URL("../../../api/openapi.yaml", import.meta.url);
  const types = astToString(await openapiTS(contract));
  const committed = readFileSync(new URL("./schema.d.ts", import.meta.url), "utf8");
  expect(committed).toContain(types);
});
