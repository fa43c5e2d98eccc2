// The browser keeps the page that stands in for any other without a network (offline/worker.js): over
// https and on this machine alone; without that it shows what its maker shows. Resolves once that has
// begun, and where it cannot.
export function keepStart(worker) {
  if (!navigator.serviceWorker) return Promise.resolve();
  return navigator.serviceWorker.register(worker, { scope: '/' }).catch(() => {});
}
