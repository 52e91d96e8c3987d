import type { ReportStore, ReportUpload } from '../../ports/report/report-store.ts';

/**
 * Does some work with uploads. Where it fails, all that it began are discarded: what they gathered would stay on the disk,
 * and fill that of a function that tries again.
 */
export async function withUploads<T>(
  store: Pick<ReportStore, 'create'>,
  work: (create: ReportStore['create']) => Promise<T>,
): Promise<T> {
  const begun: ReportUpload[] = [];
  try {
    return await work(async (key, contentType) => {
      const upload = await store.create(key, contentType);
      begun.push(upload);
      return upload;
    });
  } catch (error) {
    await Promise.allSettled(begun.map((upload) => upload.discard()));
    throw error;
  }
}
