/** ASP.NET Core on Kestrel or IIS, and IIS itself. */
import type { Fix } from 'sam-template';
import { failsAtPreflight, type Evidence } from '../evidence';
import { headerOf, type HttpResponse } from '../headers';
import { doubleQuoted, originsToAllow, requiredBy } from './lines';
import type { Platform } from './platform';

export const aspNet: Platform = {
  name: 'ASP.NET',
  detect(response) {
    const isAspNet =
      /^ASP\.NET/i.test(headerOf(response, 'x-powered-by') ?? '') ||
      headerOf(response, 'x-aspnet-version') !== undefined ||
      /^Kestrel/i.test(headerOf(response, 'server') ?? '');
    return isAspNet || isIis(response) ? 'certain' : undefined;
  },
  sender: 'ASP.NET',
  allow: (evidence) => (rejectsBeforeApplication(evidence) ? iisModule(evidence) : useCors(evidence)),
  deduplicate: () => ({
    description:
      'Delete one of the two places. Frequent: web.config adds the header to every response, and the application calls app.UseCors() too. Delete this line in web.config.',
    lines: ['<add name="Access-Control-Allow-Origin" value="…" />'],
  }),
};

function isIis(response: HttpResponse): boolean {
  return /^Microsoft-IIS\//i.test(headerOf(response, 'server') ?? '');
}

/** IIS checks Windows authentication, and rejects methods, before it calls the application. */
function rejectsBeforeApplication(evidence: Evidence): boolean {
  const { preflight } = evidence;
  if (!failsAtPreflight(evidence) || preflight === undefined || !isIis(preflight)) return false;
  const isWindows = /\b(?:Negotiate|NTLM)\b/i.test(headerOf(preflight, 'www-authenticate') ?? '');
  return isWindows || preflight.status === 404 || preflight.status === 405;
}

/** https://learn.microsoft.com/aspnet/core/security/cors */
function useCors(evidence: Evidence): Fix {
  const { exposed, credentials } = requiredBy(evidence);
  const list = (values: readonly string[]) => values.map(doubleQuoted).join(', ');
  const policy = [
    `.WithOrigins(${list(originsToAllow(evidence))})`,
    '.AllowAnyMethod()',
    '.AllowAnyHeader()',
    ...(exposed.length > 0 ? [`.WithExposedHeaders(${list(exposed)})`] : []),
    ...(credentials ? ['.AllowCredentials()'] : []),
  ];
  return {
    description:
      'Put the first statement before builder.Build() in Program.cs. Put app.UseCors() directly after it (and after app.UseRouting(), if you call that), before UseAuthentication, UseAuthorization and the Map… calls.',
    lines: [
      `builder.Services.AddCors(options => options.AddDefaultPolicy(policy => policy${policy.join('')}));`,
      '',
      'app.UseCors();',
    ],
  };
}

/** https://learn.microsoft.com/iis/extensions/cors-module/cors-module-configuration-reference */
function iisModule(evidence: Evidence): Fix {
  const { method, headers, credentials } = requiredBy(evidence);
  const origins = originsToAllow(evidence).flatMap((origin) => [
    `  <add origin="${origin}" allowCredentials="${String(credentials)}">`,
    `    <allowHeaders allowAllRequestedHeaders="${String(headers.length > 0)}" />`,
    '    <allowMethods>',
    `      <add method="${method}" />`,
    '    </allowMethods>',
    '  </add>',
  ]);
  return {
    description:
      'IIS itself rejects OPTIONS, before the application runs. Install the IIS CORS module, and put these lines into system.webServer of web.config.',
    lines: ['<cors enabled="true">', ...origins, '</cors>'],
  };
}
