/** Public API of cors-doctor: the command's examinations as functions. */
export type { BrowserName, Diagnosis, PageCall, Transport } from './diagnosis';
export { examine, type Examination } from './examine';
export { createTransport } from './http';
export { examineTemplate, type TemplateExamination } from './template/examineTemplate';
