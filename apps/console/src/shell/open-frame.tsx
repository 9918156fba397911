import { Box, Center, Group, Loader, Text, Anchor as TextLink } from '@mantine/core';
import { type ReactNode, Suspense } from 'react';
import { Link } from 'wouter';
import { ErrorBoundary } from '../elements/error-boundary.js';
import { useDesk } from '../session/session.js';
import { Anchor } from './anchor.js';
import { SkipLink } from './skip-link.js';

/** For a page that needs no key and asks the API nothing: no navigation, and no heartbeat either. */
export function OpenFrame({ children }: { readonly children: ReactNode }) {
  const { state } = useDesk();
  return (
    <>
      <SkipLink />
      <Group component="header" h={52} px="md" gap="sm" wrap="nowrap">
        <Anchor />
        <Text fw={700} size="lg">
          Windlass
        </Text>
        <TextLink component={Link} href="/" ml="auto" size="sm" underline="always">
          {state.kind === 'signed-out' ? 'Sign in' : 'Back to the fleets'}
        </TextLink>
      </Group>
      <Box component="main" id="page" tabIndex={-1} px={{ base: 'sm', sm: 'lg' }} pb="lg">
        <ErrorBoundary>
          <Suspense
            fallback={
              <Center py="xl">
                <Loader role="progressbar" aria-label="Loading the page" />
              </Center>
            }
          >
            {children}
          </Suspense>
        </ErrorBoundary>
      </Box>
    </>
  );
}
