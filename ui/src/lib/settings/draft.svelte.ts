import { SvelteMap } from "svelte/reactivity";
import type { FieldView } from "../backend/generated/FieldView";
import type { LeftOutView } from "../backend/generated/LeftOutView";
import type { PresetView } from "../backend/generated/PresetView";
import type { Problem } from "../backend/generated/Problem";
import type { ProfileForm } from "../backend/generated/ProfileForm";

/** A profile while it is being written. */
export class Draft {
  name = $state("");
  preset = $state("");
  /** Why it was refused last, until what was wrong is changed. */
  refusal: Problem | null = $state.raw(null);
  /** Why the file that it takes the place of cannot be used. */
  unread: Problem | null = null;
  /** What a field was before another of its choices was taken, for whoever goes back to that one. */
  readonly aside = new Map<string, string>();
  readonly presets: PresetView[];
  /** The profile that it takes the place of; none if it is a new one. */
  replaces: string | null = $state(null);
  /** A client secret to keep once the profile is saved. It is no part of the form, and is dropped with the draft. */
  secret = $state("");
  /** What the source that this was imported from also says; null if it was not imported. */
  leftOut: LeftOutView[] | null = null;
  readonly chosen: PresetView | null = $derived.by(() => this.presets.find(({ id }) => id === this.preset) ?? null);
  readonly fields: FieldView[] = $derived(this.chosen?.fields ?? []);
  readonly form: ProfileForm = $derived.by(() => ({ name: this.name.trim(), preset: this.preset, values: this.#filled() }));
  readonly dirty: boolean = $derived.by(() => this.secret !== "" || JSON.stringify(this.form) !== this.#beginning);
  /** The field that the refusal is about, if the form shows it: `name`, `preset` or one of the fields. */
  readonly refused: string | null = $derived.by(() => this.#shown(this.refusal?.field ?? null));

  /** What was typed into each field, those that the chosen preset does not have among them. */
  #values = new SvelteMap<string, string>();
  #beginning = $state("");

  constructor(presets: PresetView[], form: ProfileForm, replaces: string | null) {
    this.presets = presets;
    this.replaces = replaces;
    this.name = form.name;
    this.preset = form.preset;
    for (const { field, value } of form.values) this.#values.set(field, value);
    this.#beginning = JSON.stringify(this.form);
  }

  value(field: string): string {
    return this.#values.get(field) ?? "";
  }

  fill(field: string, value: string) {
    this.#values.set(field, value);
    this.touched(field);
  }

  /** Takes the refusal back once the person changes what it is about. */
  touched(field: string) {
    if (this.refused === field) this.refusal = null;
  }

  /** It was saved as it is: from now on it takes the place of that profile. */
  saved() {
    this.replaces = this.form.name;
    this.#beginning = JSON.stringify(this.form);
  }

  /** Chooses another preset. Fields that both have keep their values, and the others come back with it. */
  choose(preset: string) {
    this.preset = preset;
    this.refusal = null;
  }

  /** What is filled in, in the order of the form. What belongs to another preset stays here. */
  #filled(): ProfileForm["values"] {
    const told = this.fields.filter(({ kind }) => kind.kind !== "secret");
    return told.map(({ name, kind }) => ({ field: name, value: tidy(this.value(name), kind) })).filter(({ value }) => value !== "");
  }

  #shown(field: string | null): string | null {
    if (field === null) return null;
    const names = ["name", "preset", ...this.fields.map(({ name }) => name)];
    // One value of several is told as `field.value`.
    return names.find((name) => name === field) ?? names.find((name) => field.startsWith(`${name}.`)) ?? null;
  }
}

/** A value without the spaces that came with it when it was copied. Those of a pair's value may be meant. */
function tidy(value: string, kind: FieldView["kind"]): string {
  return kind.kind === "pairs" ? value : value.trim();
}
