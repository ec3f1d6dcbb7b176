import type { AskQuestionResponse } from '#contracts/generated/priolane/tickets/v1/knowledge.js';
import { newId } from '#kernel/ids.js';
import type { Desk } from '../runner/desk.js';
import { expectEqual, expectRefused, expectThat, given } from '../runner/expect.js';
import type { Person } from '../runner/people.js';
import { rule } from '../runner/scenario.js';
import { QUESTION } from './question.js';

const ARTICLES: Readonly<Record<string, { readonly title: string; readonly body: string; readonly question: string }>> = {
  en: {
    title: 'Shipping parcels abroad',
    body: 'Switch the zones on under Settings, Shipping; a zone without a price hides the parcel.',
    question: 'Why can I not ship a parcel abroad?',
  },
  de: {
    title: 'Pakete ins Ausland versenden',
    body: 'Schalte die Zonen unter Einstellungen, Versand ein; eine Zone ohne Preis blendet das Paket aus.',
    question: 'Warum kann ich kein Paket ins Ausland versenden?',
  },
  fr: {
    title: 'Envoyer des colis à l’étranger',
    body: 'Activez les zones sous Réglages, Livraison ; une zone sans prix masque le colis.',
    question: 'Pourquoi ne puis-je pas envoyer un colis à l’étranger ?',
  },
  nl: {
    title: 'Pakketten naar het buitenland sturen',
    body: 'Zet de zones aan onder Instellingen, Verzending; een zone zonder prijs verbergt het pakket.',
    question: 'Waarom kan ik geen pakket naar het buitenland sturen?',
  },
};

/** Before and beside a ticket of the webshop desk: SHP-1, SHP-4, SHP-12. */
export const webshopQuestions = [
  rule('SHP-1', 'answers come at once in each language, and what they do not solve becomes the ticket', async (desk) => {
    const [kim, stranger] = [await desk.customer(), await desk.customer()];
    const { languages } = desk.document.knowledge;
    expectThat(languages.length > 1, 'the desk has articles in one language only');
    const slug = `ship-abroad-${newId().slice(-8)}`;
    for (const language of languages) {
      const { title, body } = given(ARTICLES[language], `article in ${language} in this scenario`);
      await desk.lead.session.knowledge.putArticle({ requestId: newId(), slug, language, title: `${title} ${slug}`, body });
    }
    for (const language of languages) {
      const { answers } = await asks(kim, `${ARTICLES[language]!.question} ${slug}`, language);
      const best = answers[0]?.article;
      expectEqual(`the best answer in ${language}`, [best?.slug, best?.language], [slug, language]);
      expectThat(answers[0]!.excerpt !== '', 'the answer has no excerpt');
    }

    const solved = await asks(kim, 'Shipping abroad?', 'en');
    await kim.session.knowledge.recordOutcome({ requestId: newId(), questionId: solved.questionId, solved: true });
    const foreign = { requestId: newId(), questionId: solved.questionId, solved: false };
    await expectRefused('somebody else’s word on it', stranger.session.knowledge.recordOutcome(foreign), 'QUESTION_NOT_FOUND');

    const text = 'My parcels never leave, whatever I switch on.';
    const unsolved = await asks(kim, text, 'en');
    await kim.session.knowledge.recordOutcome({ requestId: newId(), questionId: unsolved.questionId, solved: false });
    const ticket = await kim.opens({ subject: 'Parcels', description: text, questionId: unsolved.questionId, fields: { area: 'shipping' } });
    const { messages } = await kim.session.tickets.listMessages({ ticketId: ticket.id, pageSize: 10, pageToken: '' });
    expectEqual('the ticket’s text', messages.map(({ body }) => body), [text]);
  }),

  rule('SHP-4', 'setting a priority is refused, and the price of one is shown instead', async (desk) => {
    const kim = await desk.customer();
    for (const priority of ['high', 'urgent', 'priority']) {
      const opened = await expectRefused(`opened as ${priority}`, kim.opens({ ...QUESTION, priority }), 'PRIORITY_IS_PAID');
      expectEqual('what to buy', opened.metadata['product'], 'priority');
    }
    const ticket = await kim.opens(QUESTION);
    for (const who of [kim, desk.agent, desk.lead]) {
      await expectRefused(`set by ${who.who.name}`, who.reclassifies(ticket, { priority: 'high' }), 'PRIORITY_IS_PAID');
    }
    const after = await kim.sees(ticket);
    expectEqual('the ticket', [after.priority, after.lane], ['', 'normal']);
  }),

  rule('SHP-12', 'phone, forum and social media are refused with the reason and the right way', async (desk) => {
    const kim = await desk.customer();
    const reasons = { phone: 'NO_PHONE_SUPPORT', forum: 'NO_FORUM_SUPPORT', social_media: 'NO_SOCIAL_MEDIA_SUPPORT' };
    for (const [channel, reason] of Object.entries(reasons)) {
      for (const who of [kim, desk.agent]) {
        const text = 'Why does the checkout page stay empty?';
        const refused = await expectRefused(`${channel} by ${who.who.name}`, who.opens({ ...QUESTION, channel, description: text }), reason);
        expectEqual('the right way', refused.metadata['web'], 'https://help.webshop.example/tickets/new');
        expectThat(refused.message.includes('Please use the ticket form'), `the refusal does not say the right way: ${refused.message}`);
        expectEqual('the text that comes back', refused.metadata['body'], text);
      }
    }
    const unknown = await expectRefused('a channel nobody offers', kim.opens({ ...QUESTION, channel: 'api' }), 'CHANNEL_NOT_OFFERED');
    expectThat((unknown.metadata['offered'] ?? '').split(',').includes('form'), 'the refusal does not say what is offered');
    await isOpen(desk, await kim.opens(QUESTION).then(({ number }) => number), kim);
  }),
];

async function isOpen(desk: Desk, number: string, kim: Person): Promise<void> {
  expectEqual(`the tickets on ${desk.id}`, await kim.lists('mine'), [number]);
}

function asks(person: Person, text: string, language: string): Promise<AskQuestionResponse> {
  return person.session.knowledge.askQuestion({ requestId: newId(), text, language });
}
