"""Trains the network of `NetworkBlockScorer` and writes BlockWeights.swift.

    train_block_scorer.py CASES_DIR DUMPS_DIR BlockWeights.swift [--check]

CASES_DIR holds sets of labelled pages (SET/cases.jsonl: id, url, and text, or with/without).
DUMPS_DIR holds what `gossamer-bench extraction SET --dump DUMPS_DIR` writes for each set:
SET.dump.columns.json (the names), SET.dump.texts.jsonl ({"id", "texts"} a page) and
SET.dump.f32 (the rows of all pages, 32-bit floats). --check trains on four fifths of the sites
and prints the loss on the rest. Needs numpy (2.4.6 was used). The seed is fixed, so that the same
rows give the same weights."""
import json,re,sys,collections,numpy as np,time,os
os.environ.setdefault('OMP_NUM_THREADS','2')
W=re.compile(r'\w+'); CASES,D=sys.argv[1]+'/',sys.argv[2]+'/'
def label(texts,ref):
    r=[w.lower() for w in W.findall(ref)]
    sh=collections.Counter(tuple(r[i:i+3]) for i in range(len(r)-2)); lines=set(' '.join(w.lower() for w in W.findall(l)) for l in ref.split('\n'))
    joined=' '+' '.join(r)+' '; out=[]
    for t in texts:
        w=[x.lower() for x in W.findall(t)]
        if len(w)>=5:
            s=[tuple(w[i:i+3]) for i in range(len(w)-2)]; out.append(sum(1 for x in s if sh.get(x))/len(s))
        else:
            q=' '.join(w); out.append(1.0 if q in lines else (0.5 if (' '+q+' ') in joined else 0.0))
    m=len(out); o=list(out)
    for k in range(m):
        if o[k]==0.5:
            p=next((o[i] for i in range(k-1,max(-1,k-4),-1) if o[i]!=0.5),0); q=next((o[i] for i in range(k+1,min(m,k+4)) if o[i]!=0.5),0)
            out[k]=1.0 if (p>0.5 and q>0.5) else 0.0
    return out
def site(u):
    h=re.sub(r'^https?://','',u or '').split('/')[0].split(':')[0].lower(); return '.'.join(h.split('.')[-2:])
X=[];Y=[];Wt=[];F=[];
for s in ['scrapinghub','wcxb','trafilatura']:
    cols=json.load(open(D+s+'.dump.columns.json')); V=np.fromfile(D+s+'.dump.f32',dtype=np.float32).reshape(-1,len(cols)); pos=0
    cases={c['id']:c for c in map(json.loads,open(CASES+s+'/cases.jsonl',encoding='utf-8'))}
    for l in open(D+s+'.dump.texts.jsonl'):
        o=json.loads(l); t=o['texts']; n=len(t); c=cases[o['id']]; fold=sum(map(ord,site(c.get('url'))))%5
        x=V[pos:pos+n]; pos+=n
        if n==0: continue
        nt=np.array([max(1,len(W.findall(a))) for a in t],dtype=np.float32)
        if 'text' in c:
            y=np.array(label(t,c['text']),dtype=np.float32); w=nt**0.7; w=w/w.sum()*(2 if s=='scrapinghub' else 1)
        else:
            y=np.full(n,-1,dtype=np.float32)
            fold_ws=[re.sub(r'\s+',' ',a) for a in t]
            for k,a in enumerate(fold_ws):
                for seg in c.get('with',[]):
                    g=re.sub(r'\s+',' ',seg).strip()
                    if g and (g in a or (len(a)>20 and a in g)): y[k]=1
                for seg in c.get('without',[]):
                    g=re.sub(r'\s+',' ',seg).strip()
                    if g and (g in a or (len(a)>20 and a in g)): y[k]=0
            w=np.where(y>=0,0.06,0).astype(np.float32)
        keep=y>=0
        X.append(x[keep]);Y.append(y[keep]);Wt.append(w[keep]);F.append(np.full(keep.sum(),fold))
X=np.concatenate(X);Y=np.concatenate(Y);Wt=np.concatenate(Wt).astype(np.float32);F=np.concatenate(F)
print(X.shape,np.isfinite(X).all(),Y.mean(),Wt.sum(),flush=True)
mu=np.average(X,axis=0,weights=Wt);sd=np.sqrt(np.average((X-mu)**2,axis=0,weights=Wt))+0.05
DR=0.25
H,EP=16,10
def train(X,Y,Wt,seed=0,epochs=EP,l2=3e-4):
    rng=np.random.default_rng(seed); n,d=X.shape
    P=[rng.normal(0,1/np.sqrt(d),(d,H)).astype(np.float32),np.zeros(H,np.float32),rng.normal(0,.3,H).astype(np.float32),np.zeros(1,np.float32)]
    M=[np.zeros_like(p) for p in P];V=[np.zeros_like(p) for p in P]; t=0;B=2048; wn=Wt/Wt.mean()
    avg=None
    for e in range(epochs):
        lr=0.004*(0.5*(1+np.cos(np.pi*e/epochs)))+1e-5; idx=rng.permutation(n); tot=0
        for b in range(0,n,B):
            i=idx[b:b+B]; x=X[i]; mask=(rng.random(x.shape)>DR)
            x=x*mask/(1-DR)
            h=x@P[0]+P[1]; a=np.maximum(h,0); z=a@P[2]+P[3]; p=1/(1+np.exp(-np.clip(z,-30,30)))
            g=(p-Y[i])*wn[i]/len(i)
            tot+=float(-(wn[i]*(Y[i]*np.log(p+1e-7)+(1-Y[i])*np.log(1-p+1e-7))).sum())
            da=np.outer(g,P[2])*(h>0)
            G=[x.T@da+l2*P[0],da.sum(0),a.T@g+l2*P[2],g.sum(keepdims=True)]
            t+=1
            for q in range(4):
                M[q]=.9*M[q]+.1*G[q];V[q]=.999*V[q]+.001*G[q]**2
                P[q]=(P[q]-lr*(M[q]/(1-.9**t))/(np.sqrt(V[q]/(1-.999**t))+1e-8)).astype(np.float32)
        if e%5==4: print(' epoch',e,tot/n,flush=True)
    return P
def pred(P,X): return np.maximum(X@P[0]+P[1],0)@P[2]+P[3]
Z=((X-mu)/sd).astype(np.float32)
def ll(z,y,w): 
    p=1/(1+np.exp(-z)); return -np.average(y*np.log(p+1e-7)+(1-y)*np.log(1-p+1e-7),weights=w)
mode='cv' if '--check' in sys.argv else 'all'
t0=time.time()
if mode=='cv':
    tr=F!=0; P=train(Z[tr],Y[tr],Wt[tr]); print('fold0 train',ll(pred(P,Z[tr]),Y[tr],Wt[tr]),'test',ll(pred(P,Z[~tr]),Y[~tr],Wt[~tr]),time.time()-t0)
else:
    P=train(Z,Y,Wt); print(time.time()-t0)
W1=P[0]/sd[:,None]; b1=P[1]-mu@W1
vals=np.concatenate([W1.ravel(),b1,P[2],P[3]])
L=[]
cur='    '
for x in vals:
    t='%.3g'%x if abs(x)>1e-6 else '0'
    t=t+','
    if len(cur)+len(t)+1>98: L.append(cur.rstrip()); cur='    '
    cur+=t+' '
L.append(cur.rstrip())
if mode=='all': open(sys.argv[3],'w').write('''/// The weights of `NetworkBlockScorer.standard`. Generated by `Training/train_block_scorer.py`; do
/// not edit.
enum BlockWeights {
  /// Units of the hidden layer.
  static let hidden = %d

  // swift-format-ignore
  static let weights: [Float] = [
%s
  ]
}
'''%(H,'\n'.join(L)))
