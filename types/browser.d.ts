/**
 * What the compiler cannot know of our pages. A selector finds what the template put there, and an event's target is
 * what the listener was put on: the tests in the browser see to both, so here they may be any element.
 */
interface ParentNode {
  querySelector(selectors: string): any;
  querySelectorAll(selectors: string): NodeListOf<any>;
}
interface EventTarget { closest?(selector: string): any; matches?(selector: string): boolean }
interface Element { closest(selector: string): any; matches(selector: string): boolean }
interface Document { getElementById(id: string): any; readonly activeElement: any }
interface Event { readonly target: any; readonly submitter?: any; readonly detail?: any; readonly pointerId?: number; waitUntil?(work: Promise<unknown>): void }
interface FormData { [Symbol.iterator](): IterableIterator<[string, string]> }
interface HTMLFormElement { readonly elements: any }
interface DocumentFragment { readonly firstElementChild: any }

/** What only some browsers have. */
interface Navigator { readonly standalone?: boolean; readonly globalPrivacyControl?: boolean }
interface ServiceWorkerRegistration { readonly sync?: { register(tag: string): Promise<void> } }
declare class BarcodeDetector {
  constructor(options: { formats: string[] });
  static getSupportedFormats(): Promise<string[]>;
  detect(source: CanvasImageSource): Promise<{ rawValue: string }[]>;
}

/** The service worker's own globals; our scripts are checked together, so as a window's. */
declare const clients: { claim(): Promise<void> };
declare function skipWaiting(): Promise<void>;
interface WindowEventMap {
  install: ExtendableEvent;
  activate: ExtendableEvent;
  fetch: ExtendableEvent & { request: Request; respondWith(answer: Promise<Response> | Response): void };
  sync: ExtendableEvent & { tag: string };
  beforeinstallprompt: Event & { prompt(): Promise<void> };
}
interface ExtendableEvent extends Event { waitUntil(work: Promise<unknown>): void }
interface MessageEvent { waitUntil?(work: Promise<unknown>): void }
