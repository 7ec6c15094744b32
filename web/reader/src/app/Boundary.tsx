import { Component, type ReactNode } from 'react';
import { BrokenPage } from '../pages/Message';

/** What stands where a page could not be drawn: a fault of ours, which must not take the rest of the window with it. */
export class Boundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    return this.state.broken ? <BrokenPage /> : this.props.children;
  }
}
