/**
 * What every page of the office runs. Pages work without it; `<body data-office="plan">` names the module that makes
 * one livelier.
 */
import { start as startLeaving } from './leaving.js';
import { start as startTheme } from '../theme.js';

/** The modules pages need besides; every one exports `start`. */
const MODULES = {
  today: () => import('./today.js'),
  plan: () => import('./plan.js'),
  imports: () => import('./imports.js'),
};

startTheme();
startLeaving();
MODULES[document.body.dataset.office]?.().then(({ start }) => start(), console.error);
