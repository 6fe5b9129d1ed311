/** The list of services, one line each: the catalogue. Later ones may use earlier ones, never the other way. */
import { clockService } from '../clock.ts';
import type { Service } from '../service.ts';

export const services: readonly Service[] = [clockService];
