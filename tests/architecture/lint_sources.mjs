// Reads [{ file, source }] and answers [[what each is told]], as eslint and stylelint have it.
import { ESLint } from 'eslint';
import fs from 'node:fs';
import stylelint from 'stylelint';

const eslint = new ESLint();

async function told({ file, source }) {
  if (file.endsWith('.js')) {
    const [result] = await eslint.lintText(source, { filePath: file });
    return result.messages.map((message) => message.message);
  }
  const { results } = await stylelint.lint({ code: source, codeFilename: file });
  return results[0].warnings.map((warning) => `${warning.rule}: ${warning.text}`);
}

const planted = JSON.parse(fs.readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(await Promise.all(planted.map(told))));
