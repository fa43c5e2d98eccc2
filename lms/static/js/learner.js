// All that learners' pages do, each behaviour found by its data- attributes; on a page without them
// it does nothing. The order is that in which the keys are heard: the remote control comes first.
import './keys.js';
import './alerts.js';
import './remote.js';
import './way-back.js';
import './first-focus.js';
import './display.js';
import './number-pad.js';
import './show-password.js';
import './reading.js';
import './player.js';
import './transcript.js';
import './progress.js';
import './quiz.js';
import './learnt.js';
import './practice.js';
import './practice-aloud.js';
import './keep.js';
import './drill.js';
import './search.js';
import '../tv/pairing.js';
import '../tv/offline.js';
