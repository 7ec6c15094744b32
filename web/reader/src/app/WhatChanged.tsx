import { useLanguage } from '../language';
import type { Live } from '../useLive';
import styles from './Frame.module.css';

/** That what is read is another one by now. It stands over the page, in which nothing moves until the reader says so. */
export function WhatChanged({ change, onShow }: { change: Live['change']; onShow: () => void }) {
  const { t } = useLanguage();
  const show = () => {
    // The button goes with what it says.
    document.getElementById('content')?.focus({ preventScroll: true });
    onShow();
  };
  return (
    <div className={styles.whatChanged} role="status">
      {change && (
        <p>
          {change === 'withdrawn' ? t.wasWithdrawn : t.hasChanged}
          <button type="button" onClick={show}>
            {t.showNow}
          </button>
        </p>
      )}
    </div>
  );
}
