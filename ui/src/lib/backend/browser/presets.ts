import type { PresetView } from "../generated/PresetView";
import examples from "../generated/examples/presets.json";

/** What a profile can be made from: the engine's own presets, as `cargo test export_bindings` writes them. */
export const presets = examples as PresetView[];

/** The redirect URI that has the browser open the app, as the fields say it. */
export const appLink = presets.flatMap(({ fields }) => fields.map(({ kind }) => (kind.kind === "redirectUri" ? kind.appLink : ""))).find((link) => link !== "") ?? "";
