/** Stands for the package's entry, which re-exports the spec interfaces as `export *`: so plugins can extend them through it. */
export * from "../../../src/spec/spec-types.js";
