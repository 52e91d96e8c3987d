import { serve } from '@hono/node-server';
import { previewApp } from './preview-app.ts';
import type { Stage } from './stage.ts';

/** A preview that browsers can open. */
export interface RunningPreview {
  /** Such as `http://127.0.0.1:4600`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a stage on this machine only; port 0 takes any free one. */
export function servePreview(stage: Stage, port: number): Promise<RunningPreview> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: previewApp(stage).fetch, port, hostname: '127.0.0.1' }, (address) =>
      resolve({
        url: `http://127.0.0.1:${address.port}`,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            if ('closeAllConnections' in server) server.closeAllConnections();
          }),
      }),
    );
    server.once('error', reject);
  });
}
