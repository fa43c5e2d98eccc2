// The last resort, where no sound has been made: the browser's own voice, sentence by sentence.
// Television engines mostly have none; then that is said in words.

const PATIENCE_MS = 4000; // some engines take a sentence and never begin

export function startBrowserVoice(sentences, told) {
  const { speechSynthesis: synthesis, SpeechSynthesisUtterance: Utterance } = window;
  let at = 0;
  let rate = 1;
  let saying = null; // kept, or some engines forget to tell its end
  let patience = 0;

  const stop = (state) => {
    window.clearTimeout(patience);
    saying = null;
    if (synthesis) synthesis.cancel();
    told.state(state);
  };

  const fail = () => {
    stop('pause');
    told.sentence(-1);
    told.say('mute');
  };

  const speak = () => {
    const voices = synthesis && Utterance ? synthesis.getVoices() : null;
    const chinese = voices && voices.find((voice) => /^(zh|cmn)/i.test(voice.lang));
    if (!voices || (voices.length && !chinese)) {
      fail();
      return;
    }
    synthesis.cancel();
    const utterance = new Utterance(sentences[at]);
    utterance.lang = 'zh-CN';
    utterance.rate = rate;
    if (chinese) utterance.voice = chinese;
    utterance.onstart = () => window.clearTimeout(patience);
    utterance.onend = () => {
      if (saying !== utterance) return; // it was cut off
      if (at + 1 < sentences.length) {
        at += 1;
        speak();
        return;
      }
      at = 0;
      stop('ended');
      told.sentence(-1);
    };
    utterance.onerror = () => { if (saying === utterance) fail(); };
    window.clearTimeout(patience);
    patience = window.setTimeout(fail, PATIENCE_MS);
    saying = utterance;
    told.sentence(at);
    synthesis.speak(utterance);
  };

  const play = () => {
    told.say('');
    told.state('play');
    speak();
  };

  window.addEventListener('pagehide', () => { if (saying) stop('pause'); });

  return {
    isReading: () => saying !== null,
    play,
    pause: () => stop('pause'),
    step: (by) => {
      at = Math.max(0, Math.min(at + by, sentences.length - 1));
      play();
    },
    setRate: (wanted) => {
      rate = wanted;
      if (saying) speak();
    },
  };
}
