/** The fields of objectives that divide the draws of an example into groups. */
export const GROUPS = {
  groups: { type: "integer", minimum: 1, default: 8, description: "Groups of draws per example (M)" },
  samples: { type: "integer", minimum: 1, default: 8, description: "Posterior samples in each group (K)" },
} as const;
