// Makes the workbench live: what changes in the form is sent, and the form that comes back takes its place. Without this
// file everything works all the same, by the button.
"use strict";

let underway = null;

const bench = () => document.getElementById("bench");

// What the user was at: the focused control with its selection, and what was folded or unfolded by hand.
function place() {
  const active = document.activeElement;
  const toggled = [...bench().querySelectorAll("details[id]")].filter((one) => String(one.open) !== one.dataset.open);
  const kept = toggled.map((one) => [one.id, one.open]);
  const isText = active instanceof HTMLInputElement && active.type === "text";
  return { id: active?.id, selection: isText ? [active.selectionStart, active.selectionEnd] : null, kept };
}

function takeUp({ id, selection, kept }) {
  for (const [part, open] of kept) {
    const details = document.getElementById(part);
    if (details) details.open = open;
  }
  if (!id) return;
  const found = document.getElementById(id);
  // What had the focus may be gone with its card; the focus never is.
  const target = found ?? document.getElementById("cards-title");
  target?.focus({ preventScroll: Boolean(found) });
  if (found && selection) found.setSelectionRange(...selection);
}

async function send(button) {
  underway?.abort();
  underway = new AbortController();
  const { signal } = underway;
  const form = bench();
  form.setAttribute("aria-busy", "true");
  try {
    const body = new URLSearchParams(new FormData(form, button));
    const response = await fetch(form.action, { method: "POST", body, signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const next = page.getElementById("bench");
    if (!next) return failed(form, page.querySelector("main p")?.textContent);
    const was = place();
    const status = document.getElementById("status");
    // The place that is read out when it changes stays; only its words are new.
    const says = next.querySelector("#status");
    form.replaceWith(next);
    says.replaceWith(status);
    status.textContent = says.textContent;
    ready(next);
    takeUp(was);
    const patient = document.getElementById("patient");
    patient.value = next.elements.patient.value;
  } catch (error) {
    if (!signal.aborted) failed(form);
  }
}

function failed(form, why) {
  form.removeAttribute("aria-busy");
  document.getElementById("status").textContent = why || "The service did not answer. What you entered is still here.";
}

function ready(form) {
  for (const details of form.querySelectorAll("details[id]")) details.dataset.open = details.open;
  for (const button of form.querySelectorAll("[data-copy]")) button.hidden = false;
}

document.addEventListener("submit", (event) => {
  if (event.target !== bench() || event.submitter?.hasAttribute("formaction")) return;
  event.preventDefault();
  send(event.submitter);
});

document.addEventListener("change", (event) => {
  if (event.target.form !== bench()) return;
  send(event.target.id === "request" ? document.getElementById("take") : null);
});

document.addEventListener("click", async (event) => {
  // A way that leads into a folded part opens it.
  const way = event.target.closest?.('a[href^="#e-"]');
  const control = way && document.getElementById(way.hash.slice(1));
  if (control) {
    event.preventDefault();
    for (let part = control.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
    control.focus();
  }
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.value ?? source.textContent);
    document.getElementById("status").textContent = "Copied.";
  } catch {
    document.getElementById("status").textContent = "The browser does not let pages copy here.";
  }
});

ready(bench());
