import { Button, Menu, Text, useMantineColorScheme } from '@mantine/core';
import { Actor } from '../elements/actor.js';
import { useSession } from '../session/session.js';

/** The label of a button cuts what hangs below its line. */
const WHOLE = { overflow: 'visible', height: 'auto' } as const;
const SCHEMES = { auto: 'as the system', light: 'light', dark: 'dark' } as const;

/** Who is signed in and what they may do; light or dark; the way out. */
export function SelfMenu() {
  const { self, signOut } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <Button variant="default" size="compact-md" ml="auto" maw="50vw" styles={{ label: WHOLE }}>
          <Text component="span" size="sm" fw={600} maw="40vw" truncate>
            <Actor of={self.actor} />
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label style={{ overflowWrap: 'anywhere' }}>
          {self.actor}
          <br />
          {self.role}, {self.fleets === null ? 'all fleets' : `${self.fleets.length} fleets`}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>Colours</Menu.Label>
        {(Object.keys(SCHEMES) as (keyof typeof SCHEMES)[]).map((scheme) => (
          <Menu.Item key={scheme} onClick={() => setColorScheme(scheme)}>
            <Text size="sm" fw={scheme === colorScheme ? 700 : 400}>
              {scheme === colorScheme ? '● ' : '○ '}
              {SCHEMES[scheme]}
            </Text>
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item component="a" href="/docs" target="_blank" rel="noreferrer">
          API documentation
        </Menu.Item>
        <Menu.Item onClick={signOut}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
