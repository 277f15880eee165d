/** The fair on the phones of the floor team: its pages, and what they are drawn with. */
import { run } from '../area/run.js';
import { translator } from '../floor_messages.js';
import { render } from '../floor_templates.js';
import { frame } from './fair.js';
import * as card from './page_card.js';
import * as conflicts from './page_conflicts.js';
import * as edit from './page_edit.js';
import * as find from './page_find.js';
import * as leave from './page_leave.js';
import * as move from './page_move.js';
import * as fresh from './page_new.js';
import * as one from './page_one.js';
import * as problem from './page_problem.js';
import * as problems from './page_problems.js';
import * as scan from './page_scan.js';

const pages = { '': find, card, conflicts, edit, leave, move, new: fresh, one, problem, problems, scan };

/** Draw the page and keep it up. */
export const start = () => run({
  root: '/staff/floor', whose: 'staff:', door: '/staff/sign-in?next=/staff/floor', files: 'floor', pages, frame, voice: { folder: 'floor', render, translator },
});
