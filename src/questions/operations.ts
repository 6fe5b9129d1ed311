/** Asking questions: each operation says through whose eyes the caller may look; what he then is told, the answers decide. */
import { type ReportInput, viewer } from '../api/operations.ts';
import { type Operation, operation } from '../operation.ts';
import type { Service } from '../service.ts';
import type { Viewer } from '../why/record.ts';
import { Inquiry, inquiryCollections } from './access.ts';
import type { DecideInput } from './decide.ts';

export const askDecision: Operation<ReportInput & { readonly question: DecideInput }, Viewer> = operation(
  'questions.decide',
  (cx, { as }) => viewer(cx, Inquiry.decide, as),
  {
    recorded: ({ question: { caller, action, resource }, as }) => ({ caller, action, resource, as }),
  },
);

export const questionsService: Service = {
  name: 'questions',
  collections: inquiryCollections,
  actions: [Inquiry.decide, Inquiry.whoCan, Inquiry.whatCan, Inquiry.whatIf],
  operations: [askDecision],
};
