import { AppShell, Burger, Center, Group, Loader, NavLink, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Suspense } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { ErrorBoundary } from '../elements/error-boundary.js';
import { useMay } from '../session/may.js';
import { Anchor } from './anchor.js';
import { NotFoundPage } from './not-found-page.js';
import { OfflineBanner } from './offline-banner.js';
import { PLACES } from './places.js';
import { SelfMenu } from './self-menu.js';
import { SkipLink } from './skip-link.js';

/** Navigation on the left, the page beside it. */
export function Shell() {
  const [open, { toggle, close }] = useDisclosure(false);
  const [location] = useLocation();
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !open } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <SkipLink />
      <AppShell.Header>
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <Burger opened={open} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Navigation" />
          <Anchor />
          <Text fw={700} size="lg">
            Windlass
          </Text>
          <SelfMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Pages">
        <Navigation location={location} onLeave={close} />
      </AppShell.Navbar>
      <AppShell.Main id="page" tabIndex={-1}>
        <OfflineBanner />
        <ErrorBoundary key={location}>
          <Suspense fallback={<Waiting />}>
            <Switch>
              {PLACES.map(({ path, page: Page }) => (
                <Route key={path} path={path}>
                  <Page />
                </Route>
              ))}
              <Route component={NotFoundPage} />
            </Switch>
          </Suspense>
        </ErrorBoundary>
      </AppShell.Main>
    </AppShell>
  );
}

function Navigation({ location, onLeave }: { readonly location: string; readonly onLeave: () => void }) {
  const may = useMay();
  return PLACES.flatMap(({ path, label, needs }) =>
    label === null || (needs && !may[needs])
      ? []
      : [
          <NavLink
            key={path}
            component={Link}
            href={path}
            label={label}
            active={isAt(location, path)}
            aria-current={isAt(location, path) ? 'page' : undefined}
            onClick={onLeave}
            variant="light"
          />,
        ],
  );
}

/** The page of one fleet belongs to the fleets, although its address begins otherwise. */
function isAt(location: string, path: string): boolean {
  if (path === '/') return location === '/' || location.startsWith('/fleets');
  return location === path || location.startsWith(`${path}/`);
}

function Waiting() {
  return (
    <Center py="xl">
      <Loader role="progressbar" aria-label="Loading the page" />
    </Center>
  );
}
