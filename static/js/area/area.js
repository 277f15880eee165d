/** The exhibitors' area: its pages, and what they are drawn with. */
import { translator } from '../area_messages.js';
import { render } from '../area_templates.js';
import * as card from './page_card.js';
import * as contacts from './page_contacts.js';
import * as contact from './page_contact.js';
import * as edit from './page_edit.js';
import * as fair from './page_fair.js';
import * as history from './page_history.js';
import * as home from './page_home.js';
import * as leave from './page_leave.js';
import * as messages from './page_messages.js';
import * as mine from './page_mine.js';
import * as phones from './page_phones.js';
import * as photos from './page_photos.js';
import * as product from './page_product.js';
import * as take from './page_take.js';
import * as tour from './page_tour.js';
import { run } from './run.js';
import { frame } from './words.js';

const pages = { '': home, card, contacts, contact, edit, fair, history, leave, messages, page: mine, phones, photos, product, take, tour };

/** Draw the page and keep it up. */
export const start = () => run({
  root: '/exhibitor/', whose: 'exhibitor:', door: '/in', files: 'area', pages, frame, voice: { folder: 'exhibitors', render, translator },
});
