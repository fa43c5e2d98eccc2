#!/usr/bin/env node
// Walks a page, and those that it leads to, by keys alone in an OLD Chromium (as legacy-smoke.mjs): node key-walk.mjs BINARY URL STEP...
// STEP: a key (1, Enter, ArrowDown, Backspace), or KEY>NAME: that key until the thing with that data-name is in focus.
// Answers {"url", "focus", "words", "errors"} as JSON, where it ends.
import { spawn } from 'node:child_process'; import fs from 'node:fs'; import net from 'node:net'; import os from 'node:os'; import path from 'node:path'; import WebSocket from 'ws';
const [bin, start, ...steps] = process.argv.slice(2), CODES = { Enter: 13, Backspace: 8, ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40 };
const port = await new Promise(ok => { const s = net.createServer().listen(0, '127.0.0.1', () => { const p = s.address().port; s.close(() => ok(p)); }); });
const prof = fs.mkdtempSync(path.join(os.tmpdir(), 'old-')), sleep = ms => new Promise(r => setTimeout(r, ms));
const proc = spawn(bin, ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--single-process', '--no-zygote', '--hide-scrollbars', `--user-data-dir=${prof}`,
  '--window-size=1920,1080', `--remote-debugging-port=${port}`, '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1', 'about:blank'], { stdio: 'ignore' });
const killer = setTimeout(() => { proc.kill('SIGKILL'); console.error('timed out'); process.exit(1); }, 120000);
let list; for (let i = 0; i < 60 && !list; i++) { await sleep(500); list = await fetch(`http://127.0.0.1:${port}/json`).then(r => r.json()).catch(() => null); }
const ws = new WebSocket(list.find(t => t.type === 'page').webSocketDebuggerUrl), wait = new Map(), errors = []; let id = 0;
await new Promise(r => ws.on('open', r));
ws.on('message', m => { m = JSON.parse(m); if (wait.has(m.id)) { wait.get(m.id)(m); wait.delete(m.id); }
  if (m.method === 'Runtime.exceptionThrown') errors.push(m.params.exceptionDetails.exception?.description?.split('\n')[0] || m.params.exceptionDetails.text); });
const cdp = (method, params = {}) => new Promise(r => { wait.set(++id, r); ws.send(JSON.stringify({ id, method, params })); });
const ev = async e => (await cdp('Runtime.evaluate', { expression: e, returnByValue: true })).result?.result?.value;
const focus = () => ev("document.activeElement && document.activeElement !== document.body ? document.activeElement.dataset.name || document.activeElement.getAttribute('href') || document.activeElement.tagName : ''");
// A page is there once it is whole, and something on it has the focus.
const settled = async () => { for (let i = 0; i < 100; i++) { await sleep(150); if (await ev('document.readyState') === 'complete' && await focus()) return; } };
const press = async key => { const code = CODES[key] || key.charCodeAt(0), text = CODES[key] ? (key === 'Enter' ? '\r' : undefined) : key;
  await cdp('Input.dispatchKeyEvent', { type: text ? 'keyDown' : 'rawKeyDown', key, text, code: key, windowsVirtualKeyCode: code });
  await cdp('Input.dispatchKeyEvent', { type: 'keyUp', key, code: key, windowsVirtualKeyCode: code }); await settled(); };
await cdp('Runtime.enable'); await cdp('Page.enable'); await cdp('Page.navigate', { url: start }); await settled();
for (const step of steps) {
  const [key, name] = step.split('>');
  if (!name) await press(key);
  for (let i = 0; name && i < 40 && await focus() !== name; i++) await press(key);
}
console.log(JSON.stringify({ url: decodeURI(await ev('location.href')), focus: await focus(), words: await ev("document.querySelector('main').innerText"), errors }));
clearTimeout(killer); proc.kill('SIGKILL'); process.exit(0);
