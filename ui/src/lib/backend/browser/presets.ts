import type { PresetView } from "../generated/PresetView";
import examples from "../generated/examples/presets.json";

/** What a profile can be made from: the engine's own presets, as `cargo test export_bindings` writes them. */
export const presets = examples as PresetView[];
