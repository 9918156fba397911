import { Alert, Button, Code } from '@mantine/core';
import { Component, type ReactNode } from 'react';

interface State {
  readonly error: Error | null;
}

/** A page that broke takes nothing else with it. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <Alert color="red" title="This page broke" role="alert">
        It is a fault of the console; no rotation is touched by it. <Code>{error.message}</Code>
        <br />
        <Button mt="sm" size="xs" variant="default" onClick={() => location.reload()}>
          Load it again
        </Button>
      </Alert>
    );
  }
}
