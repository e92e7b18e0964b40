/** The generator as a library: everything the command line does, as functions that print nothing and write nothing until asked. */
export { type BreakingOptions, breaking } from './breaking.js';
export { type Bumped, bumpVersions } from './bump.js';
export { type Checked, check } from './check/check.js';
export { compareFindings, type Finding, hasErrors, type Related, type Severity } from './diagnostics/finding.js';
export { formatPosition, type Position } from './diagnostics/position.js';
export type { Settings, Source, Workspace } from './load/documents.js';
export { findWorkspaces } from './load/find.js';
export { type Loaded, type LoadOptions, loadWorkspace } from './load/workspace.js';
export { buildModel } from './model/build.js';
export { modelManifest } from './model/manifest.js';
export type * from './model/types.js';
export { checkWorkspace, type Generated, generateFiles, type Judged, type PipelineOptions } from './pipeline.js';
export { breakingReporters } from './report/breaking/registry.js';
export type { BreakingRun, Comparison } from './report/breaking/run.js';
export { reporters } from './report/registry.js';
export { findDrift, type WriteReport, type WriteTarget, writeFiles } from './write/write.js';
