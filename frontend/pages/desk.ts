// The signed-in pages. Each file watches the whole document, so that content which htmx brings in
// later behaves like the content the page came with.
import "./requests";
import { watchDialogs } from "./dialogs";
import { watchDrafts } from "./drafts";
import { watchForms } from "./forms";
import { watchInbox } from "./inbox";
import { watchKeyboard } from "./keyboard";
import { watchMenus } from "./menus";
import { watchNaming } from "./naming";
import { watchPanes } from "./panes";
import { watchPicking } from "./picking";
import { watchProposals } from "./proposals";
import { watchThemeSwitch } from "./switch";
import { watchTabs } from "./tabs";

watchThemeSwitch();
watchMenus();
watchDialogs();
watchForms();
watchProposals();
watchDrafts();
watchPanes();
watchTabs();
watchNaming();
watchInbox();
watchPicking();
watchKeyboard();
