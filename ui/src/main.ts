import "./styles/index.css";

import { mount } from "svelte";
import App from "./App.svelte";
import { chooseBackend } from "./lib/backend/choose";

const target = document.getElementById("window");
if (target) mount(App, { target, props: { backend: await chooseBackend() } });
