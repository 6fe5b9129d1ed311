/** Asking questions: each operation says through whose eyes the caller may look; what he then is told, the answers decide. */
import { type ReportInput, viewer } from '../api/operations.ts';
import { type Operation, operation } from '../operation.ts';
import type { Service } from '../service.ts';
import type { Viewer } from '../why/record.ts';
import { Inquiry, inquiryCollections } from './access.ts';
import type { DecideInput } from './decide.ts';
import type { WhatCanInput } from './what-can.ts';
import type { WhatIfInput } from './what-if.ts';
import type { WhoCanInput } from './who-can.ts';

export const askDecision: Operation<ReportInput & { readonly question: DecideInput }, Viewer> = operation(
  'questions.decide',
  (cx, { as }) => viewer(cx, Inquiry.decide, as),
  {
    recorded: ({ question: { caller, action, resource }, as }) => ({ caller, action, resource, as }),
  },
);

export const askWhoCan: Operation<ReportInput & { readonly question: WhoCanInput }, Viewer> = operation(
  'questions.who-can',
  (cx, { as }) => viewer(cx, Inquiry.whoCan, as),
  { recorded: ({ question: { action, resource }, as }) => ({ action, resource, as }) },
);

export const askWhatCan: Operation<ReportInput & { readonly question: WhatCanInput }, Viewer> = operation(
  'questions.what-can',
  (cx, { as }) => viewer(cx, Inquiry.whatCan, as),
  { recorded: ({ question: { principal, account }, as }) => ({ principal, account, as }) },
);

export const askWhatIf: Operation<ReportInput & { readonly question: WhatIfInput }, Viewer> = operation(
  'questions.what-if',
  (cx, { as }) => viewer(cx, Inquiry.whatIf, as),
  { recorded: ({ question: { changes, account }, as }) => ({ changes: changes.length, account, as }) },
);

export const questionsService: Service = {
  name: 'questions',
  collections: inquiryCollections,
  actions: [Inquiry.decide, Inquiry.whoCan, Inquiry.whatCan, Inquiry.whatIf],
  operations: [askDecision, askWhoCan, askWhatCan, askWhatIf],
};
