// Starts what enhances the editor, one module a behaviour. Without scripts the form saves the same, and the page
// shows preview, findings, removals and unseen texts as they were when it was loaded.

import { showOneSheet } from "./editor-sheets.js";
import { followTitle } from "./editor-slug.js";
import { askWhileTyping } from "./editor-live.js";
import { drawPreview } from "./editor-preview.js";
import { listFindings } from "./editor-findings.js";
import { listRemovals } from "./editor-removals.js";
import { listUnseen } from "./editor-unseen.js";
import { offerLanguage } from "./editor-language.js";
import { findLanguages } from "./editor-languages.js";
import { offerTags } from "./editor-tags.js";
import { showDefaults } from "./editor-defaults.js";
import { pasteAsMarkdown } from "./editor-clipboard.js";
import { tellWhatWasPasted } from "./editor-paste.js";
import { drawComparison } from "./editor-comparison.js";
import { offerFormatting } from "./editor-toolbar.js";
import { offerArticles } from "./editor-picker.js";
import { offerImages } from "./editor-images.js";
import { continueLines, moveBetweenPlaces } from "./editor-keys.js";
import { Outbox } from "./editor-outbox.js";
import { tellWhoIsHere } from "./editor-present.js";
import { saveInPlace } from "./editor-save.js";
import { Scratch, Status } from "./editor-scratch.js";
import { Session } from "./editor-session.js";
import { sendStrays } from "./editor-strays.js";
import { talkBeside } from "./editor-talk.js";
import { tellOtherTabs } from "./editor-tabs.js";

for (const form of document.querySelectorAll("form[data-editor]")) {
  const session = new Session(form);
  const outbox = new Outbox(form.dataset.account);
  const status = new Status();
  const scratch = new Scratch(form, session, outbox, status);
  showOneSheet(form);
  followTitle(form);
  drawPreview(form);
  listFindings(form);
  listRemovals(form);
  listUnseen(form);
  offerLanguage(form);
  findLanguages(form);
  offerTags(form);
  showDefaults(form);
  pasteAsMarkdown(form);
  tellWhatWasPasted(form);
  drawComparison(form);
  offerFormatting(form);
  offerArticles(form);
  offerImages(form, session);
  continueLines(form);
  moveBetweenPlaces(form);
  saveInPlace(form, session, scratch, status);
  talkBeside(form);
  tellOtherTabs(form);
  tellWhoIsHere(form, session);
  sendStrays(form, session, outbox, scratch);
  askWhileTyping(form, session); // last: the others listen to its answers
}
