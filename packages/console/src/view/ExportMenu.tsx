/** Takes the result out of the page: as a file, or as a command for another program. */
import { useState } from 'preact/hooks';
import { scanUrl, type Api, type ConsoleConfig, type TableParameters } from '../api/api';
import type { KeyAttribute } from '../api/table';
import { snippetsOf } from '../query/snippets';
import type { ViewState } from '../query/viewState';
import { CopyButton } from './CopyButton';
import { Menu } from './Menu';

interface Props {
  api: Api;
  auth: ConsoleConfig['auth'];
  parameters: TableParameters;
  view: ViewState;
  keySchema: readonly KeyAttribute[];
}

const FORMATS = [
  ['json', 'JSON'],
  ['ndjson', 'NDJSON'],
  ['csv', 'CSV'],
] as const;

export function ExportMenu({ api, auth, parameters, view, keySchema }: Props) {
  const server = new URL('.', location.href).href.replace(/\/$/, '');
  const { conditions, match } = view;
  const snippets = snippetsOf({ server, auth, parameters, conditions, match, key: keySchema });
  const [chosen, setChosen] = useState('curl');
  const text = snippets.find(([title]) => title === chosen)?.[1] ?? '';
  return (
    <Menu label="Export" title="Export" isWide>
      <section>
        <h2>Download everything that matches</h2>
        <Downloads {...{ api, auth, parameters }} />
        <p class="quiet">Reads the table again, to its end. DynamoDB charges for it.</p>
      </section>
      <section>
        <h2>Copy as</h2>
        <div class="panel-bar">
          <div class="segmented" role="group" aria-label="Language">
            {snippets.map(([title]) => (
              <button
                key={title}
                type="button"
                aria-pressed={title === chosen}
                onClick={() => setChosen(title)}
              >
                {title}
              </button>
            ))}
          </div>
          <CopyButton text={() => text} />
        </div>
        <pre class="snippet" tabIndex={0} aria-label={`The query as ${chosen}`}>
          {text}
        </pre>
      </section>
    </Menu>
  );
}

function Downloads({ api, auth, parameters }: Pick<Props, 'api' | 'auth' | 'parameters'>) {
  const [status, setStatus] = useState('');
  const save = async (url: string, name: string) => {
    setStatus('Reading…');
    try {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(await api.download(url));
      link.download = name;
      link.click();
      URL.revokeObjectURL(link.href);
      setStatus('');
    } catch (error) {
      setStatus(error instanceof Error ? error.message : 'The download failed.');
    }
  };
  return (
    <div class="panel-bar">
      {FORMATS.map(([format, label]) => {
        const url = scanUrl(parameters, { format, download: '', ...(format === 'csv' && { bom: '1' }) });
        // A link cannot send credentials.
        return auth === 'none' ? (
          <a key={format} class="button" href={url} download="">
            {label}
          </a>
        ) : (
          <button
            key={format}
            type="button"
            onClick={() => void save(url, `${parameters.TableName}.${format}`)}
          >
            {label}
          </button>
        );
      })}
      <span role="status">{status}</span>
    </div>
  );
}
