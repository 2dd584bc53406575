/* Opens the form without a line after one visit, and sends what waits when the line is back. Keeps the form alone: no page
   with a number or a state on it. */
"use strict";
const KEPT = "nts-report-" + FILES.map((file) => file.split("v=")[1]).join("-"); // every version of every file
importScripts(...FILES.filter((file) => /report-(queue|proof)\.js/.test(file)));

/* The form in the language that is read here; in another as soon as it is opened in that one. */
self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const kept = await caches.open(KEPT), open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const spoken = new Set(open.map((page) => language(new URL(page.url))));
    await kept.addAll(FILES);
    for (const lang of spoken.size ? spoken : ["th"]) await kept.add(new Request("/report?lang=" + lang, { cache: "reload", credentials: "omit" }));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("nts-report-") && name !== KEPT) await caches.delete(name);
    await self.clients.claim();
  })());
});

function language(url) {
  const asked = url.searchParams.get("lang");
  if (LANGUAGES.includes(asked)) return asked;
  return (self.navigator.languages || []).map((one) => one.slice(0, 2)).find((one) => LANGUAGES.includes(one)) || "th";
}

async function form(request, url) {
  const kept = await caches.open(KEPT), stopped = new AbortController();
  const patience = setTimeout(() => stopped.abort(), 6000);
  try {
    const answer = await fetch(request, { signal: stopped.signal });
    const lang = answer.headers.get("content-language");
    if (answer.ok && LANGUAGES.includes(lang) && !url.searchParams.has("district")) await kept.put("/report?lang=" + lang, answer.clone());
    if (answer.status < 500) return answer;
  } catch (error) { /* no line: the kept one */ } finally { clearTimeout(patience); }
  const any = (await kept.keys()).find((one) => new URL(one.url).pathname === "/report");
  return (await kept.match("/report?lang=" + language(url))) || (any && (await kept.match(any))) || Response.error();
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname === "/report" && event.request.mode === "navigate") {
    event.respondWith(form(event.request, url));
  } else if (url.pathname.startsWith("/assets/")) {
    event.respondWith((async () => {
      const kept = await caches.open(KEPT), found = await kept.match(event.request);
      if (found) return found;
      const answer = await fetch(event.request);
      if (answer.ok && /noto-sans-|sarabun-/.test(url.pathname)) await kept.put(event.request, answer.clone());
      return answer;
    })());
  } else if (url.pathname === "/report/places") {
    event.respondWith((async () => {
      const kept = await caches.open(KEPT);
      try {
        const answer = await fetch(event.request);
        if (answer.ok) await kept.put(event.request, answer.clone());
        return answer;
      } catch (error) {
        return (await kept.match(event.request)) || Response.error();
      }
    })());
  }
});

self.addEventListener("sync", (event) => {
  if (event.tag !== "report-queue") return;
  event.waitUntil((async () => {
    const left = await ReportQueue.send((challenge) => solveProof(challenge));
    for (const page of await self.clients.matchAll()) page.postMessage("queue");
    if (left) throw new Error("some still wait"); // the browser tries again later
  })());
});
