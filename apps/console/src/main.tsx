import '@mantine/core/styles.css';
import './console.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Router } from 'wouter';
import { queryClient } from './session/query-client.js';
import { SessionProvider } from './session/session.js';
import { Console } from './shell/console.js';
import { theme } from './shell/theme.js';

const place = document.getElementById('console');
if (!place) throw new Error('index.html has no #console');

createRoot(place).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <Router base="/console">
          <SessionProvider>
            <Console />
          </SessionProvider>
        </Router>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
