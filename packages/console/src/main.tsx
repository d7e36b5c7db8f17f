/** Starts the page. */
import { render } from 'preact';
import './style/base.css';
import './style/controls.css';
import './style/layout.css';
import './style/grid.css';
import './style/panels.css';
import { App } from './view/App';
import { applyTheme, storedTheme } from './view/theme';

applyTheme(storedTheme());
const root = document.getElementById('root');
if (root !== null) render(<App />, root);
