/**
 * Every word of the page, in English and in Korean.
 */

const TABLE = {
  language: ["한국어", "English"],
  theme: ["Theme", "테마"],
  themeAuto: ["auto", "자동"],
  themeLight: ["light", "밝게"],
  themeDark: ["dark", "어둡게"],
  colour: ["Colour by", "색 기준"],
  none: ["nothing", "없음"],
  gradient: ["gradient", "기울기"],
  ofValue: ["value", "값"],
  kind: ["kind", "종류"],
  heat: ["heat map", "히트맵"],
  sides: ["(left: value, right: gradient)", "(왼쪽: 값, 오른쪽: 기울기)"],
  kinds: ["input|sum or product|function of each number|linear map|change of shape|reduction|other operation",
    "입력|합과 곱|수 하나하나의 함수|선형 사상|모양 바꾸기|축약|그 밖의 연산"],
  search: ["Find a node", "노드 찾기"],
  found: ["{0} of {1}", "{1}개 중 {0}번째"],
  notFound: ["none", "없음"],
  picture: ["The graph: values forward, derivatives backward", "계산 그래프: 값은 앞으로, 도함수는 뒤로"],
  skip: ["Skip the picture", "그림 건너뛰기"],
  openGroup: ["Open", "펼치기"],
  closeGroup: ["Close", "접기"],
  example: ["Example", "예제"],
  zoomIn: ["Larger", "확대"],
  zoomOut: ["Smaller", "축소"],
  zoomFit: ["Fit", "맞춤"],
  small: ["Letters are {0} pixels high here: zoom in to read.", "글자 높이가 {0}픽셀입니다. 확대해서 보세요."],
  first: ["First step", "처음으로"],
  back: ["Step back", "한 단계 뒤로"],
  play: ["Play", "재생"],
  pause: ["Pause", "일시정지"],
  forward: ["Step forward", "한 단계 앞으로"],
  last: ["Last step", "마지막으로"],
  step: ["Step", "단계"],
  of: ["Step {0} of {1}", "{1}단계 중 {0}단계"],
  speed: ["Speed", "속도"],
  predict: ["Predict", "예측"],
  predictHelp: ["Hide the numbers, and ask for each first", "숫자를 숨기고 먼저 물어봅니다"],
  given: ["Given: {0}", "주어진 값: {0}"],
  answer: ["Your answer", "답"],
  judge: ["Check", "확인"],
  reveal: ["Show", "정답 보기"],
  right: ["Right: {0}", "맞았습니다: {0}"],
  unread: ["Write a number, such as 4 or −0.5.", "4나 −0.5 같은 수를 쓰세요."],
  wrongSign: ["The size is right, the sign is not.", "크기는 맞지만 부호가 다릅니다."],
  wrongFactor: ["A factor is missing: {0}", "인수가 하나 빠졌습니다: {0}"],
  wrongSum: ["That is the new term alone: add what was there before, {0}", "새 항만 썼습니다. 앞의 값 {0} 에 더하세요"],
  wrongLocal: ["That was there before: add the new term, {0}", "앞의 값만 썼습니다. 새 항 {0} 을(를) 더하세요"],
  notYet: ["Not yet. Look at the formula once more.", "아직 아닙니다. 식을 다시 보세요."],
  why: ["Why?", "왜?"],
  whyHelp: ["Choose a node to see its derivative as a chain: every path, its factors, their sum.",
    "노드를 고르면 도함수를 연쇄 법칙으로 보여 줍니다: 모든 경로와 인수, 그 합."],
  clear: ["Clear", "지우기"],
  zeroWhere: ["Where is it 0?", "어디서 0인가?"],
  whatIf: ["What if", "바꿔 보기"],
  inputs: ["Inputs", "입력"],
  reset: ["As recorded", "처음 값으로"],
  largest: ["Largest derivative first", "도함수가 큰 순서"],
  inOrder: ["In order of the program", "프로그램 순서"],
  value: ["Value of {0}", "{0}의 값"],
  slider: ["Slider of {0}", "{0} 슬라이더"],
  noNumbers: ["Inputs cannot be changed here: the graph holds whole arrays, which the page shows as they were recorded, since {0}.",
    "배열이 들어 있는 그래프라서 입력을 바꿀 수 없고, 기록된 대로 보여 줍니다: {0}."],
  moreInputs: ["{0} more inputs: choose one in the picture to see it here.",
    "입력이 {0}개 더 있습니다. 그림에서 고르면 여기에 나옵니다."],
  chosen: ["{0}: condition or index stay as they were recorded.", "{0}: 조건이나 번호는 기록된 대로 둡니다."],
  noInputs: ["There are no inputs to change.", "바꿀 입력이 없습니다."],
  curve: ["Curve", "곡선"],
  across: ["Along", "가로축"],
  up: ["Draw", "세로축"],
  slope: ["Slope of the tangent: {0} = {1}", "접선의 기울기: {0} = {1}"],
  zeros: ["{0} = 0 at", "{0} = 0 이 되는 곳:"],
  noZeros: ["{0} is not 0 for {1} between {2} and {3}.", "{1} 이(가) {2} 와 {3} 사이일 때 {0} 은(는) 0이 아닙니다."],
  from: ["from", "부터"],
  to: ["to", "까지"],
  check: ["Check", "검산"],
  checkText: ["Central difference {0} ± {1}; gradient {2}", "중심 차분 {0} ± {1}; 기울기 {2}"],
  agree: ["They agree.", "일치합니다."],
  differ: ["They differ: at a kink, or where the difference is too coarse.",
    "다릅니다: 꺾인 점이거나 차분이 너무 거칩니다."],
  undecided: ["The difference is too coarse to tell.", "차분이 거칠어서 판단할 수 없습니다."],
  descend: ["Descend", "하강"],
  parameters: ["Parameters", "매개변수"],
  rate: ["Step size", "학습률"],
  oneStep: ["Step", "한 걸음"],
  run: ["Run", "실행"],
  stop: ["Stop", "정지"],
  steps: ["{0} steps, {1} = {2}", "{0}걸음, {1} = {2}"],
  training: ["One step goes down the mean gradient over all {0} examples.", "한 단계는 예제 {0}개의 평균 기울기를 따라 내려갑니다."],
  meanLoss: ["mean {0}", "{0}의 평균"],
  says: ["{0} along {1}, and the examples", "{1}에 따른 {0}, 그리고 예제"],
  region: ["Where {0} is above {1}: green and filled; below: purple", "{0}이(가) {1}보다 큰 곳: 초록, 작은 곳: 보라"],
  diverges: ["It diverges: the step size is too large.", "발산합니다: 학습률이 너무 큽니다."],
  loss: ["{0} by step", "걸음에 따른 {0}"],
  path: ["{0} and {1}", "{0} 와 {1}"],
  find: ["Find", "찾기"],
  wrong: ["What is wrong here?", "무엇이 잘못되었나?"],
  wrongNothing: ["Nothing was found in the program as it was recorded.", "기록된 프로그램에서 찾은 것이 없습니다."],
  ask: ["Ask", "묻기"],
  made: ["{0} was made in {1}", "{0} 을(를) 만든 곳: {1}"],
  findNan: ["First nan or inf", "처음 나온 nan 또는 inf"],
  findBelow: ["Gradient smaller than", "기울기가 이보다 작은 곳"],
  findZero: ["Gradient exactly 0", "기울기가 정확히 0"],
  findLargest: ["Largest gradient of an input", "기울기가 가장 큰 입력"],
  nothing: ["There is none.", "없습니다."],
  counted: ["{0} found", "{0}개 찾음"],
  bad: ["{0} is the first that is not finite.", "{0} 이(가) 처음으로 유한하지 않습니다."],
  outside: ["outside the domain", "정의역 밖"],
  undefinedThere: ["undefined there", "정의되지 않음"],
  kink: ["{0} has a kink here: the slope is {1} on the left, {2} on the right; by convention it counts as {3}.",
    "{0} 은(는) 여기서 꺾입니다: 왼쪽 기울기 {1}, 오른쪽 {2}; 관례로 {3} 을(를) 씁니다."],
  lost: ["{0} cannot be computed here: {1}. It and what depends on it keep what was recorded, in grey.",
    "{0} 은(는) 여기서 계산할 수 없습니다: {1}. 이것과 이것에 달린 값은 기록된 대로 회색으로 남습니다."],
  changed: ["Changed", "바뀜"],
  shown: ["{0} of {1} values shown", "값 {1}개 중 {0}개를 보여 줍니다"],
  waiting: ["waiting for more terms", "더할 항이 남음"],
};

/** @typedef {keyof typeof TABLE} Word */

export const LANGUAGES = ["en", "ko"];

export class Words {
  /** @param {string} language */
  constructor(language) {
    this.language = LANGUAGES.includes(language) ? language : "en";
  }

  /**
   * @param {Word} word
   * @param {...(string | number)} parts what stands for {0}, {1} …
   */
  say(word, ...parts) {
    const text = TABLE[word][LANGUAGES.indexOf(this.language)];
    return text.replace(/\{(\d)\}/g, (_, i) => String(parts[Number(i)]));
  }
}

/** All words, for tests. */
export const words = TABLE;
