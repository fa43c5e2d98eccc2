// All that the pages of a stick do (lms/packs/reader): the site's own behaviours in the same order,
// without those that talk to a server. It is joined into one plain script, since a file opens none
// that imports.
import '../js/keys.js';
import './arriving.js';
import './spoken.js';
import '../js/remote.js';
import '../js/way-back.js';
import '../js/first-focus.js';
import './display.js';
import '../js/reading.js';
import '../js/player.js';
import '../js/transcript.js';
import '../js/quiz.js';
import './learnt.js';
import '../js/practice.js';
import '../js/practice-aloud.js';
import '../js/drill.js';
