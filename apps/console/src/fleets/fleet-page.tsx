import { Alert, List, Loader, Tabs } from '@mantine/core';
import { useState } from 'react';
import { useParams } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import type { components } from '#api-client';
import { PageTitle } from '../elements/page-title.js';
import { ProblemAlert } from '../elements/problem-alert.js';
import { HostsSection } from '../hosts/hosts-section.js';
import { StartRotation } from '../rotations/start-rotation.js';
import { SamplesSection } from '../samples/samples-section.js';
import { FleetSchedules } from '../schedules/fleet-schedules.js';
import { useMay } from '../session/may.js';
import type { Fleet } from './all-fleets.js';
import { ClientsSection } from './clients-section.js';
import { FleetFacts } from './fleet-facts.js';
import { FleetRotations } from './fleet-rotations.js';
import { useFleet } from './one-fleet.js';
import { TrustSection } from './trust-section.js';

type Finding = components['schemas']['Finding'];

const SECTIONS = {
  ...{ hosts: 'Hosts', trust: 'Trust', samples: 'Sample clients', clients: 'Who uses which CA' },
  ...{ schedules: 'Schedules', rotations: 'Rotations' },
} as const;
type Section = keyof typeof SECTIONS;

/** One fleet: how it stands, and all that belongs to it. */
export default function FleetPage() {
  const { id } = useParams<{ id: string }>();
  const { data: fleet, error } = useFleet(id);
  if (error && !fleet) {
    return (
      <>
        <PageTitle title="Fleet" />
        <ProblemAlert error={error} />
      </>
    );
  }
  if (!fleet) return <Loader aria-label="Loading the fleet" />;
  return <ShownFleet fleet={fleet} />;
}

function ShownFleet({ fleet }: { readonly fleet: Fleet }) {
  const { change } = useMay();
  const [section, setSection] = useState(sectionOf(location.hash));
  return (
    <>
      <PageTitle title={fleet.name} says={caInWords(fleet)}>
        {change && <StartRotation fleet={fleet} />}
      </PageTitle>
      <Warnings />
      <FleetFacts fleet={fleet} />
      <Tabs
        keepMounted={false}
        value={section}
        onChange={(value) => {
          const next = sectionOf(`#${value}`);
          setSection(next);
          history.replaceState(history.state, '', `#${next}`);
        }}
      >
        <Tabs.List mt="md" mb="md" aria-label="What belongs to the fleet">
          {Object.entries(SECTIONS).map(([value, label]) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={section}>
          <SectionOf fleet={fleet} section={section} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function SectionOf({ fleet, section }: { readonly fleet: Fleet; readonly section: Section }) {
  if (section === 'hosts') return <HostsSection fleetId={fleet.id} />;
  if (section === 'trust') return <TrustSection fleet={fleet} />;
  if (section === 'samples') return <SamplesSection fleetId={fleet.id} />;
  if (section === 'clients') return <ClientsSection fleet={fleet} />;
  if (section === 'schedules') return <FleetSchedules fleetId={fleet.id} />;
  return <FleetRotations fleetId={fleet.id} />;
}

/** What the API said of the bundle when the fleet was added just now. */
function Warnings() {
  const state = useHistoryState<{ warnings?: readonly Finding[] } | null>();
  const warnings = state?.warnings ?? [];
  if (warnings.length === 0) return null;
  return (
    <Alert color="yellow" title="The fleet was added. Know this of its bundle" mb="md" role="status">
      <List size="sm">
        {warnings.map(({ code, message, nextStep }) => (
          <List.Item key={`${code} ${message}`}>
            {message}. Next: {nextStep}.
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

/** By the address of the page, so that a link leads there. */
function sectionOf(hash: string): Section {
  const known = Object.keys(SECTIONS) as Section[];
  return known.find((one) => `#${one}` === hash) ?? 'hosts';
}

function caInWords({ issuingCa }: Fleet): string {
  if (issuingCa.kind === 'vault')
    return `Clients come from Vault, ${issuingCa.address}, mount ${issuingCa.mount}.`;
  if (issuingCa.kind === 'upload') return `Clients come from ${issuingCa.name}, which is uploaded.`;
  return `Clients come from AWS Private CA, ${issuingCa.region}, group ${issuingCa.group}.`;
}
