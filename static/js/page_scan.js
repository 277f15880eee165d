/** Where a scanned or typed code leads, or what it is instead. Twin of companion/visitors/page_scan.py. */
import { href, page, param } from './ask.js';
import { resolve } from './codes.js';
import { fill, tidy } from './format.js';
import { suggestions } from './page_missing.js';

/** `/scan`, and `/scan?code=`, which goes to what the code names or says what it is instead. */
export function scan(catalogue, ask) {
  const { gettext: _ } = ask;
  const asked = param(ask, 'code');
  const found = tidy(asked) ? resolve(catalogue, asked, ask.base_url, ask.origin) : {};
  if (found.href) return { status: 302, location: href(ask, found.href) };
  const near = ['booth', 'exhibitor', 'workshop', 'text'].includes(found.what);
  return page(catalogue, ask, 'scan', _('Scan'), {
    code: tidy(asked),
    problem: problem(ask, found),
    suggestions: near ? suggestions(catalogue, ask, found.text) : [],
  });
}

/** What to tell whoever scanned a code that leads nowhere here; '' when it leads somewhere. */
export function problem({ gettext: _ }, found) {
  const messages = {
    booth: _('There is no booth %(text)s at this fair.'),
    exhibitor: _('There is no exhibitor with the code %(text)s.'),
    workshop: _('There is no workshop %(text)s.'),
    page: _('This address of the fair leads to no page.'),
    site: _('This code is not from this fair: it opens %(text)s.'),
    contact: _('This code is a contact card, not a booth of this fair.'),
    event: _('This code is a calendar event, not a booth of this fair.'),
    wifi: _('This code joins a Wi-Fi network, it is not a booth of this fair.'),
    phone: _('This code is a phone number, not a booth of this fair.'),
    sms: _('This code is a text message, not a booth of this fair.'),
    email: _('This code is an e-mail, not a booth of this fair.'),
    place: _('This code is a place on the map, not a booth of this fair.'),
    product: _('This code is the barcode of a product, not a booth of this fair.'),
    text: _('No booth, exhibitor or workshop has this code: %(text)s'),
  };
  return found.what ? fill(messages[found.what], found) : '';
}
