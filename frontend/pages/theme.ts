// Loaded in <head>, before anything is painted: a chosen theme must not flash the other one.
// Without a choice there is nothing to do, the styles follow the system by themselves.
import { recall } from "./storage";

const chosen = recall("afterscore-theme");
if (chosen === "light" || chosen === "dark") document.documentElement.dataset.bsTheme = chosen;
