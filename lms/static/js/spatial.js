// Where the focus goes from here in one direction: BBC's lrud-spatial, written for CommonJS.
import './commonjs.js';
import '../vendor/lrud-spatial-0.0.16/lrud.min.js';

export const getNextFocus = window.exports.getNextFocus;
