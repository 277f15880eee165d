/** The ways to reach an exhibitor. Twin of companion/visitors/contact.py. */
import { fairName, href } from './ask.js';
import { encode, fill, phone, website, words } from './format.js';

/** The ways to reach an exhibitor; each is empty when there is none. */
export function contact(catalogue, ask, record, booth) {
  const { gettext: _ } = ask;
  const { phones = [], whatsapp = '', email = '' } = record;
  const said = { name: words(record.name, ask.lang), booth, fair: fairName(catalogue, ask) };
  const mobile = phones.find((number) => /^\+212[67]/.test(number)) ?? whatsapp;
  const hello = booth ? _('Hello, I saw your booth %(booth)s at %(fair)s.') : _('Hello, I saw you at %(fair)s.');
  const share = fill(booth ? _('%(name)s, booth %(booth)s, %(fair)s') : _('%(name)s, %(fair)s'), said);
  const address = href(ask, `/e/${record.code}`);
  return {
    phones: phones.map((number) => ({ href: `tel:${number}`, shown: phone(number) })),
    sms_href: mobile && `sms:${mobile}`,
    whatsapp_href: whatsapp && `https://wa.me/${whatsapp.slice(1)}?text=${encode(fill(hello, said))}`,
    email,
    // RFC 6068; the address is encoded so that a "?" in it adds no header.
    email_href: email && `mailto:${encode(email).replaceAll('%40', '@')}?subject=${encode(share)}`,
    website: website(record.website ?? ''),
    vcf_href: `${address}.vcf`,
    share: { title: said.name, text: share, url: ask.base_url + address },
  };
}
