// Reading QR codes from the camera: with the browser's own reader, or else with ours (qr-0.7.0).
const PAUSE_MS = 120; // between two looks, so that a cheap phone stays cool
const LONGEST_SIDE = 960; // pixels that our reader looks at

/** Why there is no picture: "refused", "none" or "broken". */
export class NoCamera extends Error {}

async function ownReader() {
  const { default: decode } = await import("../vendor/qr-0.7.0/decode.js");
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return (video) => {
    const scale = Math.min(1, LONGEST_SIDE / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    try {
      return decode(context.getImageData(0, 0, canvas.width, canvas.height));
    } catch {
      return null; // no code in the picture
    }
  };
}

async function reader() {
  const formats = (await window.BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? [];
  if (!formats.includes("qr_code")) return ownReader();
  const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
  return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
}

async function openCamera() {
  if (!navigator.mediaDevices?.getUserMedia) throw new NoCamera("none");
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
    });
  } catch (error) {
    if (error.name === "NotAllowedError") throw new NoCamera("refused");
    throw new NoCamera(error.name === "NotFoundError" ? "none" : "broken");
  }
}

const pause = () => new Promise((done) => setTimeout(done, PAUSE_MS));

/**
 * Show the camera in `video` and call `found(text)` for every code that is seen, again and again
 * while it is, until `signal` is aborted. Rejects with NoCamera.
 */
export async function watch(video, found, signal) {
  const stream = await openCamera();
  const stop = () => stream.getTracks().forEach((track) => track.stop());
  try {
    if (signal.aborted) return;
    video.srcObject = stream;
    await video.play();
    let read = await reader();
    while (!signal.aborted) {
      if (video.videoWidth > 0) {
        const text = await Promise.resolve(read(video)).catch(async () => {
          read = await ownReader(); // the browser's own reader does not work after all
          return null;
        });
        if (text && !signal.aborted) found(text);
      }
      await pause();
    }
  } catch (error) {
    if (error instanceof NoCamera || signal.aborted) throw error;
    throw new NoCamera("broken");
  } finally {
    stop();
    video.srcObject = null;
  }
}
