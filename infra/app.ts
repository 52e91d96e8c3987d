import { configApp, orRefuse } from './config-app.ts';

// What is synthesized without "--or-example" may be deployed.
orRefuse(() => configApp({ folder: '.', orExample: process.argv.includes('--or-example') }));
